"""What is wrong with this house, in sentences for whoever runs it, each with what to do next."""
