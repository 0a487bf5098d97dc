"""The requests of a run: what each step sends, byte for byte, and what of it is known before the first one."""
