"""Media and backups on S3-compatible storage."""
