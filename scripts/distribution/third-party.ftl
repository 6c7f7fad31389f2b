<#-- group:artifact:version, then the licences to choose from -->
Third-party parts of newapi-server.jar, of the command line and of the sandbox,
with their licences. Where several are named, one may be chosen.

<#list dependencyMap as entry>
<#assign part = entry.getKey()/>
<#if part.groupId != "io.newapi">
${part.groupId}:${part.artifactId}:${part.version} (${entry.getValue()?join(", ")})
</#if>
</#list>
