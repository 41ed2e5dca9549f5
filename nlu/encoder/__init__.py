"""The sentence encoder: all-MiniLM-L6-v2 from its package, run by ONNX Runtime."""
