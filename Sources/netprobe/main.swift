print("netprobe")
