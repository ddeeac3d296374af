"""The gate: archive, readers, rules, pseudonyms, ledger and receipts. Nothing after this room sees an identifier."""
