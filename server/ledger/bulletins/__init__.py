"""Reports of a day, a week or a month: figures that stay the same, each the length of the list behind it."""
