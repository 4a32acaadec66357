"""What calls for care: its kinds and days, certificates, agreements, and what it protects from."""
