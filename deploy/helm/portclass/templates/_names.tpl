{{/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */}}
{{- define "portclass.select" -}}
app.kubernetes.io/name: portclass
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}
{{- define "portclass.labels" -}}
{{ include "portclass.select" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}
