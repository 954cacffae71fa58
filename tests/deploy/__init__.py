"""`make test-deploy`: the install script in bare Debian roots, whose houses then meet over https."""
