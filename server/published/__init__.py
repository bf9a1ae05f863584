"""What residents may read without an account: how their community stands, and what was closed there."""
