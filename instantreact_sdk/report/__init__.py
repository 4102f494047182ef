"""What a run leaves for people: snapshots, the annotated video, the report."""
