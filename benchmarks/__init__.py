"""`make bench`: how long readers wait, side by side with the other ways to do the same."""
