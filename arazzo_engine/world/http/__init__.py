"""How a request travels and an answer comes back: connections, certificates, proxies, redirects and limits."""
