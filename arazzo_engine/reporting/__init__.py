"""A report, an event or a finding as text and as JSON, with every secret masked; nothing here prints."""
