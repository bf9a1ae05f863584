"""The rectification ledger: cases from report to close-out."""
