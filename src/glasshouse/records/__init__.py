"""What is kept of a run: measures, daily records, the digest, and the manifest that is written last."""
