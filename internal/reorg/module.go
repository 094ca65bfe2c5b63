package reorg

import (
	"sifen/internal/attribute"
	"sifen/internal/httpapi"
	"sifen/internal/i18n"
	"sifen/internal/module"
	"sifen/internal/pack"
	"sifen/internal/scheme"
)

// Module is what the organisation and its changes give to the whole.
func (s *Service) Module() module.Module {
	return module.Module{
		Name: "org",
		Verbs: []module.Verb{
			{Verb: "org.read", Title: i18n.Label{Zh: "看单位", En: "See units"}},
			{Verb: "org.edit", Title: i18n.Label{Zh: "改单位", En: "Change units"}},
		},
		Types:    []pack.Type{scheme.Type(), attributes()},
		Search:   s.findAll,
		Register: func(k *httpapi.Kit) { Register(k, s, s.Orgs, s.Packs) },
	}
}

// attributes is the type of attributes with what a list of units asks of their titles: a column that means something else
// already would never be read as an attribute.
func attributes() pack.Type {
	t := attribute.Type()
	check := t.Check
	t.Check = func(set *pack.Set, o *pack.Object) []pack.Fault {
		faults := check(set, o)
		d := o.Value.(*attribute.Definition)
		for _, text := range append([]string{d.Title.Zh, d.Title.En}, d.Called...) {
			if f, _ := title(text); f != "" {
				faults = append(faults, o.Fault("title", "单位名单里“"+text+"”这一列另有含义，请换一个名称",
					"in a list of units the column "+text+" means something else; take another title"))
			}
		}
		return faults
	}
	return t
}
