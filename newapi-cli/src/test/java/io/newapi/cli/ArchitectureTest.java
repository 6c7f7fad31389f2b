package io.newapi.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.newapi.cli", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule the_command_line_knows_neither_server_nor_database = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.newapi.server..", "io.newapi.sandbox..", "io.vertx..", "java.sql..", "org.jooq..");

    @ArchTest
    static final ArchRule commands_call_the_client_and_print_and_nobody_calls_commands = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("main")
            .definedBy("io.newapi.cli")
            .layer("command")
            .definedBy("io.newapi.cli.command")
            .layer("output")
            .definedBy("io.newapi.cli.output")
            .layer("client")
            .definedBy("io.newapi.cli.client")
            .whereLayer("main")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("command")
            .mayOnlyBeAccessedByLayers("main")
            .whereLayer("output")
            .mayOnlyBeAccessedByLayers("command");

    @ArchTest
    static final ArchRule packages_have_no_cycles =
            slices().matching("io.newapi.cli.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule only_main_reads_the_environment = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("io.newapi.cli.Main")
            .should()
            .callMethod(System.class, "getenv")
            .orShould()
            .callMethod(System.class, "getenv", String.class);
}
