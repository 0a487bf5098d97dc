"""The programs of orders: documents that are opened once for many runs."""
