"""The delivery ledger (huvudbok) in SQLite: what was received, what became of it, and what is in force."""
