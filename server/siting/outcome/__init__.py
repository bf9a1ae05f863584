"""What came of a plan: told with names, put side by side, exported, adopted as charging sites."""
