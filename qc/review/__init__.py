"""What people do with a ticket: review, share, appeal, final result. One table of transitions."""
