module sifen

go 1.26.0
