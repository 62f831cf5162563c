"""What each language can say and each target can run: found by trying, never stated."""
