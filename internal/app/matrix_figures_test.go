package app_test

func init() {
	for op, r := range map[string]rule{
		"figure-catalogue": read("figure.read", "/figure-catalogue?unit=%u&period=2020", reads),
		"figure-page":      read("figure.read", "/figures/publicity.sessions/page?unit=%u&period=2020", reads),
		"figure-breakdown": read("figure.read", "/figures/publicity.sessions/breakdown?unit=%u&period=2020&field=form", reads),
		"compare-figure":   read("figure.read", "/figures/publicity.sessions/compare?unit=%u&period=2020&with=2019", reads),
		"export-figure":    read("figure.read", "/figures/publicity.sessions/export?unit=%u&period=2020", reads),
	} {
		rules[op] = r
	}
}
