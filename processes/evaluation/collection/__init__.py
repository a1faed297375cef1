"""数据采集与符合性验证 (P09): who supplies which figure, its entry, verification and lock."""
