"""The ledger's official papers: drafted, reviewed, countersigned, numbered and issued, served, filed away."""
