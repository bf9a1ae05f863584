"""Photos as evidence: uploads that resume, storage that never overwrites."""
