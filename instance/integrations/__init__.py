"""The face that other tools see; each tool is one file named in a setting."""
