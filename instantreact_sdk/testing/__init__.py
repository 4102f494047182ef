"""What tests of pipelines and plugins need: synthetic media."""
