import { type DynamicModule, Module } from '@nestjs/common';
import { type ProjectionDeps, Projections } from './run-projections.js';

@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: Nest wants a class
export class ProjectionModule {
  static register(deps: ProjectionDeps): DynamicModule {
    return {
      module: ProjectionModule,
      providers: [{ provide: Projections, useFactory: () => new Projections(deps) }],
    };
  }
}
