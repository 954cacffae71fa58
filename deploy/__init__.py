"""What ships with the code to run it: the environment, and a demonstration to try it."""
