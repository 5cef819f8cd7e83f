"""The only way in which a build from true answers may leave: made from counts that tell of no small group."""
