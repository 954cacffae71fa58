"""What has arrived, what do I read? The gate, one handler per activity, timelines, notifications."""
