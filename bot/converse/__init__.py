"""Conversation scripts: read, played against a running demo through its public interface, and reported on."""
