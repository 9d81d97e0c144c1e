"""Plates (门牌), their batches and files."""
