package encoder

func fastest() arithmetic { return portable }
