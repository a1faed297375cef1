"""通知设置 and 投递记录: what people wish to be told, and what became of it."""
