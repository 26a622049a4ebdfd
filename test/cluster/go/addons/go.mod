module motif.dev/test/cluster/addons

go 1.26.0

require (
	github.com/coredns/coredns v1.14.7
	helm.sh/helm/v4 v4.3.1
	sigs.k8s.io/metrics-server v0.9.0
)
