"""What calls and reports say, as points, a level and the reasons."""
