"""`make bench`: how long readers wait, side by side with other ways to do the same."""
