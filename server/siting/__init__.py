"""Where charging piles stand, are proposed and are planned."""
