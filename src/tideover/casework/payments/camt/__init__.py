"""Bank statements in ISO 20022: camt.053 and camt.054 (and camt.052), read as a stream."""
