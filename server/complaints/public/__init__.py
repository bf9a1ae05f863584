"""What residents do without an account: report, add photos, follow by number and code, say their word."""
