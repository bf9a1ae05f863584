"""What residents complain of."""
