module archaeologist

go 1.19
