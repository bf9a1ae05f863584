"""What-ifs of a plan: tried while the planner looks on, by a process beside the web, and not stored."""
