"""The ledger as officials know it: in Excel, out and in."""
