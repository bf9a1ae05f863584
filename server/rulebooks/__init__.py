"""What tables of rules there are, wherever they live: described once, so that one page serves them all."""
