"""What is looked for in a community and how it is judged: pure functions over versioned data files."""
