"""What owners decide together: votes of their assembly and opinion polls, from the register to the result."""
