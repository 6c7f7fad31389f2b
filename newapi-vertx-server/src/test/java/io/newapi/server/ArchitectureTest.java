package io.newapi.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.vertx.core.Future;
import java.util.concurrent.CompletableFuture;

/** Who may know whom inside the node. */
@AnalyzeClasses(packages = "io.newapi.server", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    /** Only the wiring sees everything; every arrow that is not listed is forbidden. */
    @ArchTest
    static final ArchRule dependenciesFollowTheArrows = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("wiring")
            .definedBy("io.newapi.server")
            .layer("config")
            .definedBy("..server.config..")
            .layer("ops")
            .definedBy("..server.ops..")
            .layer("home")
            .definedBy("..server.home..")
            .layer("redis")
            .definedBy("..server.redis..")
            .layer("outbound")
            .definedBy("..server.outbound..")
            .layer("mail")
            .definedBy("..server.mail..")
            .layer("cluster")
            .definedBy("..server.cluster..")
            .layer("jobs")
            .definedBy("..server.jobs..")
            .layer("log")
            .definedBy("..server.log..")
            .layer("store")
            .definedBy("..server.store..")
            .layer("snapshot")
            .definedBy("..server.snapshot..")
            .layer("shape")
            .definedBy("..server.shape..")
            .layer("auth")
            .definedBy("..server.auth..")
            .layer("admin")
            .definedBy("..server.admin..")
            .layer("relay")
            .definedBy("io.newapi.server.relay")
            .layer("wire")
            .definedBy("..server.relay.wire..")
            .layer("provider")
            .definedBy("..server.relay.provider..")
            .whereLayer("wiring")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("config")
            .mayOnlyBeAccessedByLayers("wiring", "ops")
            .whereLayer("ops")
            .mayOnlyBeAccessedByLayers("wiring")
            .whereLayer("home")
            .mayOnlyBeAccessedByLayers("wiring")
            .whereLayer("jobs")
            .mayOnlyBeAccessedByLayers("wiring")
            .whereLayer("cluster")
            .mayOnlyBeAccessedByLayers("wiring", "admin", "jobs")
            .whereLayer("outbound")
            .mayOnlyBeAccessedByLayers("wiring", "admin", "jobs", "mail")
            .whereLayer("mail")
            .mayOnlyBeAccessedByLayers("wiring", "jobs")
            .whereLayer("redis")
            .mayOnlyBeAccessedByLayers("wiring", "cluster")
            .whereLayer("log")
            .mayOnlyBeAccessedByLayers("wiring", "relay", "store")
            .whereLayer("store")
            .mayOnlyBeAccessedByLayers("wiring", "config", "snapshot", "auth", "admin", "jobs", "cluster")
            .whereLayer("snapshot")
            .mayOnlyBeAccessedByLayers("wiring", "auth", "admin", "relay", "jobs")
            .whereLayer("shape")
            .mayOnlyBeAccessedByLayers("wiring", "snapshot", "admin", "relay", "jobs")
            .whereLayer("auth")
            .mayOnlyBeAccessedByLayers("wiring", "admin", "relay")
            .whereLayer("admin")
            .mayOnlyBeAccessedByLayers("wiring")
            .whereLayer("relay")
            .mayOnlyBeAccessedByLayers("wiring")
            .whereLayer("provider")
            .mayOnlyBeAccessedByLayers("wiring", "relay")
            .whereLayer("wire")
            .mayOnlyBeAccessedByLayers("wiring", "relay", "provider");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.newapi.server.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule onlyTheStoreSpeaksSql = noClasses()
            .that()
            .resideOutsideOfPackage("..server.store..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.jooq..",
                    "com.zaxxer..",
                    "java.sql..",
                    "javax.sql..",
                    "org.sqlite..",
                    "org.mariadb..",
                    "org.postgresql..",
                    "io.vertx.sqlclient..",
                    "io.vertx.mysqlclient..");

    @ArchTest
    static final ArchRule onlyOpsKnowsHowFiguresAreKept = noClasses()
            .that()
            .resideOutsideOfPackage("..server.ops..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.micrometer..", "io.prometheus..");

    @ArchTest
    static final ArchRule onlyMailKnowsHowItIsSent = noClasses()
            .that()
            .resideOutsideOfPackage("..server.mail..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("jakarta.mail..", "org.eclipse.angus..");

    @ArchTest
    static final ArchRule onlyMainReadsTheEnvironment = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("io.newapi.server.Main")
            .should()
            .callMethod(System.class, "getenv")
            .orShould()
            .callMethod(System.class, "getenv", String.class);

    @ArchTest
    static final ArchRule noStaticCanChange =
            fields().that().areStatic().should().beFinal();

    @ArchTest
    static final ArchRule theRelayNeverBlocks = noClasses()
            .that()
            .resideInAPackage("..server.relay..")
            .should()
            .callMethod(CompletableFuture.class, "join")
            .orShould()
            .callMethod(CompletableFuture.class, "get")
            .orShould()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .callMethod(Future.class, "await");

    @ArchTest
    static final ArchRule theRelayKnowsNoProviderByName = noClasses()
            .that()
            .resideInAPackage("io.newapi.server.relay")
            .should()
            .dependOnClassesThat()
            .haveSimpleName("OpenAiCompatible");
}
